using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using HilRig.Server.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>Every route that the server has, its pages and forms included, which the OpenAPI document leaves out: none is open that is not named here.</summary>
public sealed partial class RouteTests
{
    private static readonly string[] ForEverybody =
    [
        "GET /assets/{name}", "GET /login", "POST /api/v1/enrol", "POST /api/v1/login", "POST /login", "POST /session", "POST /session/end",
    ];

    private TestServer server = null!;
    private List<Route> routes = null!;

    /// <param name="Body">Type of the body that it takes, where it says so.</param>
    private sealed record Route(string Method, string Pattern, string Role, string Body)
    {
        public override string ToString() => $"{Method} {Pattern}";

        /// <summary>A form's answer is for a person; what it says of a machine the API's own table shows.</summary>
        public HttpRequestMessage ToRequest() => new(new HttpMethod(Method), Parameter().Replace(Pattern, "x"))
        {
            Content = Method is "POST" or "PUT" ? new StringContent("") { Headers = { ContentType = new(Body) } } : null,
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } },
        };
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        await server.AddPersonAsync("root", Role.Admin);
        routes =
        [
            .. from endpoint in server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
               let role = RoleOf(endpoint)
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
               where method is not ("HEAD" or "OPTIONS" or "CONNECT")
               select new Route(method, $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}", role, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/x-www-form-urlencoded"),
        ];
    }

    [OneTimeTearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public void Only_these_routes_are_open_to_everybody()
    {
        Assert.That(routes, Has.Count.GreaterThan(60), "pages, forms, API");
        Assert.That(routes.Where(route => route.Role == "anonymous").Select(route => route.ToString()).Distinct().Order(StringComparer.Ordinal), Is.EquivalentTo(ForEverybody));
    }

    [Test]
    public async Task Without_a_name_every_other_route_asks_who_it_is()
    {
        using var nobody = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Url };
        foreach (var route in routes.Where(route => route.Role != "anonymous"))
        {
            using var response = await nobody.SendAsync(route.ToRequest());
            if (response.StatusCode is HttpStatusCode.Redirect)
                Assert.That(response.Headers.Location!.ToString(), Does.Contain("/login?ReturnUrl="), route.ToString());
            else
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), route.ToString());
        }
    }

    [Test]
    public async Task With_too_low_a_role_every_other_route_is_forbidden()
    {
        foreach (var role in new[] { Role.Agent, Role.Viewer, Role.Operator, Role.Qa })
        {
            using var client = await server.ClientOfAsync(role);
            foreach (var route in routes.Where(route => Enum.TryParse<Role>(route.Role, ignoreCase: true, out var least) && role < least))
            {
                using var response = await client.SendAsync(route.ToRequest());
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), $"{route} as {role}");
            }
        }
    }

    private static string RoleOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        ? "anonymous"
        : endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().LastOrDefault() ?? "viewer";

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
