using System.Net;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>Pages and their forms as a browser uses them, without one.</summary>
internal static partial class PageForms
{
    /// <summary>The page's text, its entities resolved.</summary>
    public static async Task<string> ReadPageAsync(this HttpClient client, string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await client.GetAsync(address);
        Assert.That(response.StatusCode, Is.EqualTo(expected), address);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the form of the page that has this action, with its antiforgery token; answers the page that comes of it.</summary>
    public static async Task<string> SubmitAsync(this HttpClient client, string page, string action, HttpStatusCode expected = HttpStatusCode.OK, params (string Name, string Value)[] fields)
    {
        var form = Forms().Matches(page).FirstOrDefault(match => match.Groups[1].Value == action);
        Assert.That(form, Is.Not.Null, $"no form for {action} in {page}");
        using var response = await client.SendFormAsync(action, [("__RequestVerificationToken", form!.Groups[2].Value), .. fields]);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(expected), answer);
        return WebUtility.HtmlDecode(answer);
    }

    public static async Task<HttpResponseMessage> SendFormAsync(this HttpClient client, string action, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add("Accept", "text/html");
        return await client.SendAsync(request);
    }

    /// <summary>A browser in which that person has signed in.</summary>
    public static async Task<HttpClient> SignInAsync(this TestServer server, string name, string password)
    {
        var browser = new HttpClient { BaseAddress = server.Url };
        await browser.SubmitAsync(await browser.ReadPageAsync("/login"), "/session", HttpStatusCode.OK, ("name", name), ("password", password), ("returnUrl", "/"));
        return browser;
    }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"[^>]*>.*?name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.Singleline)]
    private static partial Regex Forms();
}
