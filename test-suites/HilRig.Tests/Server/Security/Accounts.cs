using System.Net.Http.Headers;
using HilRig.Server.Security;
using Microsoft.Extensions.DependencyInjection;

namespace HilRig.Tests.Server.Security;

/// <summary>Accounts of a test server, made as its own stores make them.</summary>
internal static class Accounts
{
    public const string Password = "correct horse battery";

    /// <summary>A client that sends the token of a machine with that role.</summary>
    public static async Task<HttpClient> ClientOfAsync(this TestServer server, Role role, string? name = null)
    {
        var tokens = server.Services.GetRequiredService<TokenStore>();
        var token = await tokens.IssueAsync(name ?? $"the-{role}", role, null, "tester", default);
        return server.ClientWith(token);
    }

    public static HttpClient ClientWith(this TestServer server, string token) =>
        new() { BaseAddress = server.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    public static Task AddPersonAsync(this TestServer server, string name, Role role) =>
        server.Services.GetRequiredService<PersonStore>().SaveAsync(name, role, Password, "tester", default);
}
