using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace HilRig.Server.Webhooks;

/// <summary>
/// Sends one signed message. The address is judged when the connection is made, by the number that the name then leads to; so no name that changes
/// its mind leads inside. No redirects, no proxy, and nothing of the answer but its status is read.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    public const string SignatureHeader = "HilRig-Signature";
    private readonly HttpClient client;

    public WebhookClient(bool mayBePrivate)
    {
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = async (context, cancellationToken) => await ConnectAsync(context.DnsEndPoint, mayBePrivate, cancellationToken),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("HilRig");
    }

    /// <summary>The signature of a body at a moment: <c>t=UNIX SECONDS,v1=HMAC-SHA256 in hex of "t.body"</c>.</summary>
    public static string Sign(string secret, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")))}";
    }

    /// <summary>The answer's status. Throws <see cref="HttpRequestException"/> where there is none.</summary>
    public async Task<HttpStatusCode> SendAsync(DueDelivery delivery, string secret, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("HilRig-Event", delivery.Event);
        request.Headers.Add("HilRig-Delivery", delivery.Id);
        request.Headers.Add(SignatureHeader, Sign(secret, at, delivery.Body));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    public void Dispose() => client.Dispose();

    private static async Task<Stream> ConnectAsync(DnsEndPoint endPoint, bool mayBePrivate, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var allowed = mayBePrivate ? addresses : Array.FindAll(addresses, PublicAddress.Is);
        if (allowed.Length == 0)
            throw new HttpRequestException($"{endPoint.Host} is {string.Join(", ", addresses.Select(address => address.ToString()))}, inside this network; a server started with --private-webhooks may go there");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
