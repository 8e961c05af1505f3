using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HilRig.Model;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>A server with a certificate of its own, made here.</summary>
public sealed class TlsTests
{
    private string folder = null!;

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("hilrig-tls-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_server_speaks_tls_with_the_certificate_given_and_nothing_else()
    {
        var digest = WriteCertificate();
        using var server = Start();
        var url = await server.WaitForServerAsync();
        Assert.That(url.Scheme, Is.EqualTo("https"));
        using var http = ClientThatTrusts(digest);

        Assert.That(await http.GetStringAsync(new Uri(url, "/healthz")), Is.EqualTo("Healthy"));

        using var plain = new HttpClient();
        Assert.That(async () => await plain.GetStringAsync(new Uri($"http://127.0.0.1:{url.Port}/healthz")), Throws.InstanceOf<HttpRequestException>());
        using var trusting = new HttpClient();
        Assert.That(
            async () => await trusting.GetStringAsync(new Uri(url, "/healthz")), Throws.InstanceOf<HttpRequestException>(), "nobody vouches for a certificate of one's own");
    }

    [Test]
    public async Task Files_that_are_no_certificate_are_refused_in_words()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), "no certificate");
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), "no key");
        using var server = Start();

        Assert.That(await server.ExitAsync(), Is.EqualTo(ExitCode.BadInput));
        Assert.That(server.Output, Does.Contain("--certificate").And.Contain("PEM"));
    }

    private Child Start() => Child.Start(
        "hilrig-server", "--data", Path.Combine(folder, "data"), "--port", "0", "--certificate", Path.Combine(folder, "cert.pem"), "--certificate-key", Path.Combine(folder, "key.pem"));

    /// <summary>Answers the certificate's SHA-256.</summary>
    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hilrig", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA256));
    }

    private static HttpClient ClientThatTrusts(string digest) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => Convert.ToHexString(certificate!.GetCertHash(HashAlgorithmName.SHA256)) == digest,
        },
    });
}
