using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>What every fixture in a real Chromium has: the browser, a server, and what the scripts of its pages complain of.</summary>
public abstract class BrowserFixture
{
    private Browser? browser;

    protected List<string> Complaints { get; } = [];

    private protected Browser Browser => browser!;

    /// <summary>Gone with the fixture; one that a test starts for itself it disposes of.</summary>
    private protected TestServer Server { get; set; } = null!;

    [OneTimeSetUp]
    public async Task StartBrowser() => browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowser()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        if (browser is not null)
            await browser.DisposeAsync();
    }

    [SetUp]
    public void Forget() => Complaints.Clear();

    [TearDown]
    public Task ClosePages() => browser!.CloseAsync();

    private protected Task<IPage> OpenAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, string? zone = null) =>
        Browser.OpenAsync(Server.Url, Complaints, width, height, scheme, zone);
}
