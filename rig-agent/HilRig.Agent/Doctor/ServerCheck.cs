using System.Net;
using System.Runtime.CompilerServices;
using HilRig.Agent.Hub;
using HilRig.Model.Rig;

namespace HilRig.Agent.Doctor;

/// <summary>Whether the server is there, takes this agent, and tells the same time.</summary>
internal static class ServerCheck
{
    /// <summary>Events carry the agent's time; lanes and leases are read beside the server's.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<Finding> CheckAsync(
        Uri server, string data, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (answer, failure) = await AskAsync(server, AgentToken.Find(data), cancellationToken);
        using (answer)
        {
            if (answer is null)
            {
                yield return Finding.Broken("server", $"{server} cannot be reached: {failure}", "start it, or correct --server");
                yield break;
            }
            yield return answer.StatusCode switch
            {
                HttpStatusCode.OK => Finding.Well("server", $"{server} takes this agent"),
                HttpStatusCode.Unauthorized => Finding.Broken("server", $"{server} does not know this agent", "ask an admin for a code (`./rig agents invite NAME`) and run `./rig agent enrol CODE`"),
                HttpStatusCode.Forbidden => Finding.Broken("server", $"{server} refuses this token as an agent's", "enrol this agent: the token is somebody else's"),
                var other => Finding.Broken("server", $"{server} answered {(int)other}", "it may be no HilRig server, or a failing one: its log says more"),
            };
            if (answer.Headers.Date is { } there)
                yield return Clock((there - time.GetUtcNow()).Duration());
        }
    }

    private static Finding Clock(TimeSpan skew) => skew <= MostSkew
        ? Finding.Well("clock", $"within {MostSkew.TotalSeconds:0} s of the server's")
        : Finding.Doubtful("clock", $"{skew.TotalSeconds:0} s away from the server's", "let both keep time by NTP (`timedatectl set-ntp true`)");

    /// <summary>The hub's own first question, which carries the token and begins nothing.</summary>
    private static async Task<(HttpResponseMessage? Answer, string? Failure)> AskAsync(Uri server, string? token, CancellationToken cancellationToken)
    {
        using var client = AgentToken.Client(server, token);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Policies.ConnectDeadline);
        try
        {
            return (await client.PostAsync($"{HubContract.Path}/negotiate?negotiateVersion=1", null, deadline.Token), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (null, exception is HttpRequestException ? exception.Message : $"no answer within {Policies.ConnectDeadline.TotalSeconds:0} s");
        }
    }
}
