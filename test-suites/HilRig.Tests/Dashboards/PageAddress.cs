using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace HilRig.Tests.Dashboards;

/// <summary>Waits for an address by looking again and again.</summary>
internal static class PageAddress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Until the page has this address and is loaded. Playwright's waits for an address and for a load look once and listen then: an arrival in between, on another thread, they never hear of.</summary>
    /// <param name="address">Whole; <c>**</c> stands for anything, <c>*</c> for anything without a slash.</param>
    public static async Task ReachAsync(this IPage page, string address)
    {
        var wanted = new Regex($"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$");
        using var patience = new CancellationTokenSource(Patience);
        while (!wanted.IsMatch(page.Url) || !await IsLoadedAsync(page))
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{address} was not reached within {Patience.TotalSeconds:0} s; the page is at {page.Url}");
            await Task.Delay(Glance);
        }
    }

    private static async Task<bool> IsLoadedAsync(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<string>("document.readyState") == "complete";
        }
        catch (PlaywrightException)
        {
            // Between two documents.
            return false;
        }
    }
}
