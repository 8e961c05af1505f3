using System.Net;
using System.Net.Sockets;
using HilRig.Agent.Hub;
using Microsoft.AspNetCore.Connections;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public class WebSocketConnectionFactoryTests
{
    [Test, CancelAfter(40_000)]
    public void A_server_that_accepts_and_says_nothing_does_not_hold_the_agent_for_ever(CancellationToken cancellationToken)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = new UriEndPoint(new Uri($"http://{silent.LocalEndpoint}/hub"));

        Assert.That(async () => await new WebSocketConnectionFactory().ConnectAsync(address, cancellationToken), Throws.TypeOf<TimeoutException>());
    }
}
