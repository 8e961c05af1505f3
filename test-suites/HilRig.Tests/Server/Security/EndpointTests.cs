using System.Net;
using System.Text;
using System.Text.Json;
using HilRig.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>
/// Every endpoint of the OpenAPI document, so that a new one cannot be forgotten: nobody without a name, nobody with too low a role,
/// and what is wrong in a request is named.
/// </summary>
public sealed class EndpointTests
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];
    private static readonly string[] ForEverybody = ["POST /api/v1/login", "POST /api/v1/enrol"];
    private TestServer server = null!;
    private Dictionary<Role, HttpClient> clients = null!;
    private List<Endpoint> endpoints = null!;

    /// <param name="Body">Type of the body that it takes; null for none.</param>
    /// <param name="Typed">Query parameters that not every text can be.</param>
    private sealed record Endpoint(string Method, string Path, string Role, string? Body, IReadOnlyList<string> Typed)
    {
        public bool TakesJson => Body == "application/json";

        public override string ToString() => $"{Method} {Path}";

        public HttpRequestMessage ToRequest(string query = "", HttpContent? body = null) =>
            new(new HttpMethod(Method), Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal) + query) { Content = body ?? (TakesJson ? Json("{}") : null) };
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        clients = [];
        foreach (var role in Enum.GetValues<Role>())
            clients[role] = await server.ClientOfAsync(role);
        using var document = JsonDocument.Parse(await clients[Role.Viewer].GetStringAsync("/openapi/v1.json"));
        endpoints =
        [
            .. from path in document.RootElement.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where Methods.Contains(operation.Name)
               select ToEndpoint(path.Name, operation),
        ];
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public void The_table_is_not_empty_and_names_a_role_for_each_endpoint() => Assert.Multiple(() =>
    {
        Assert.That(endpoints, Has.Count.GreaterThan(15));
        Assert.That(endpoints.Where(endpoint => endpoint.Role == "anonymous").Select(endpoint => endpoint.ToString()), Is.EquivalentTo(ForEverybody));
        Assert.That(endpoints.Select(endpoint => endpoint.Role), Has.All.Matches<string>(role => role is "anonymous" or "viewer-or-agent" || Enum.TryParse<Role>(role, true, out _)));
    });

    [Test]
    public async Task The_document_says_of_every_endpoint_what_it_is_for_and_how_it_answers()
    {
        using var document = JsonDocument.Parse(await clients[Role.Viewer].GetStringAsync("/openapi/v1.json"));
        Assert.Multiple(() =>
        {
            foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            {
                foreach (var operation in path.Value.EnumerateObject().Where(operation => Methods.Contains(operation.Name)))
                {
                    var answers = operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
                    Assert.That(operation.Value.GetProperty("summary").GetString(), Is.Not.Empty, $"{operation.Name} {path.Name}");
                    Assert.That(answers, Has.Some.StartsWith("2"), $"{operation.Name} {path.Name}");
                    Assert.That(answers, operation.Value.GetProperty("x-role").GetString() == "anonymous" ? Does.Contain("429") : Is.SupersetOf(new[] { "401", "403", "429" }), $"{operation.Name} {path.Name}");
                }
            }
        });
    }

    [Test]
    public async Task Every_list_is_read_page_by_page()
    {
        // The newest of many, which nobody reads to their end.
        string[] newest = ["/api/v1/flags/{flagId}/failures"];
        using var document = JsonDocument.Parse(await clients[Role.Viewer].GetStringAsync("/openapi/v1.json"));
        var lists = new List<string>();
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject().Where(path => !newest.Contains(path.Name)))
        {
            if (!path.Value.TryGetProperty("get", out var operation) || !IsList(operation))
                continue;
            lists.Add(path.Name);
            var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!).ToList() : [];
            Assert.That(parameters, Does.Contain("limit").And.Some.AnyOf("cursor", "after"), path.Name);
        }
        Assert.That(lists, Has.Count.GreaterThan(12));

        static bool IsList(JsonElement operation) => operation.GetProperty("responses").GetProperty("200").TryGetProperty("content", out var content)
            && content.TryGetProperty("application/json", out var json) && json.GetProperty("schema").TryGetProperty("type", out var type) && type.ToString() == "array";
    }

    [Test]
    public async Task Without_a_token_every_endpoint_answers_401()
    {
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Role != "anonymous"))
        {
            await AssertAsync(server.Http, endpoint, HttpStatusCode.Unauthorized);
            using var wrong = server.ClientWith("hr_000000000000_nothing");
            await AssertAsync(wrong, endpoint, HttpStatusCode.Unauthorized);
        }
    }

    [Test]
    public async Task With_too_low_a_role_every_endpoint_answers_403()
    {
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Role is not ("anonymous" or "viewer-or-agent")))
        {
            var least = Enum.Parse<Role>(endpoint.Role, ignoreCase: true);
            foreach (var role in Enum.GetValues<Role>().Where(role => role < least))
                await AssertAsync(clients[role], endpoint, HttpStatusCode.Forbidden);
            using var response = await clients[least].SendAsync(endpoint.ToRequest());
            Assert.That(response.StatusCode, Is.Not.EqualTo(HttpStatusCode.Unauthorized).And.Not.EqualTo(HttpStatusCode.Forbidden), $"{endpoint} as {least}");
        }
    }

    [Test]
    public async Task An_empty_body_is_answered_with_the_field_that_is_missing_and_another_type_is_refused()
    {
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.TakesJson))
        {
            var detail = await AssertAsync(clients[Role.Admin], endpoint, HttpStatusCode.BadRequest);
            Assert.That(detail, Does.Contain("missing required properties including: '"), endpoint.ToString());
            using var wrong = await clients[Role.Admin].SendAsync(endpoint.ToRequest(body: new StringContent("name=x", Encoding.UTF8, "application/x-www-form-urlencoded")));
            Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType), endpoint.ToString());
        }
    }

    [Test]
    public async Task A_file_of_another_type_than_it_should_be_is_refused()
    {
        Assert.That(endpoints.Where(endpoint => endpoint is { Body: not null, TakesJson: false }), Is.Not.Empty);
        foreach (var endpoint in endpoints.Where(endpoint => endpoint is { Body: not null, TakesJson: false }))
        {
            using var response = await clients[Role.Admin].SendAsync(endpoint.ToRequest(body: Json("{}")));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType), endpoint.ToString());
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), endpoint.ToString());
        }
    }

    [Test]
    public async Task A_number_a_moment_or_a_word_that_is_none_is_answered_with_its_name()
    {
        foreach (var endpoint in endpoints)
        {
            foreach (var number in endpoint.Typed)
            {
                using var response = await clients[Role.Admin].SendAsync(endpoint.ToRequest($"?{number}=many"));
                var text = await response.Content.ReadAsStringAsync();
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), $"{endpoint} {text}");
                Assert.That(text, Does.Contain(number), endpoint.ToString());
            }
        }
    }

    [Test]
    public async Task The_hub_is_for_agents_alone()
    {
        foreach (var (role, status) in new[] { (Role.Admin, 403), (Role.Viewer, 403) })
        {
            using var response = await clients[role].PostAsync("/hub/agents/negotiate?negotiateVersion=1", null);
            Assert.That((int)response.StatusCode, Is.EqualTo(status), $"{role}");
        }
        using var nobody = await server.Http.PostAsync("/hub/agents/negotiate?negotiateVersion=1", null);
        Assert.That(nobody.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        using var agent = await clients[Role.Agent].PostAsync("/hub/agents/negotiate?negotiateVersion=1", null);
        Assert.That(agent.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("/")]
    [TestCase("/failures")]
    [TestCase("/no/such/page")]
    public async Task A_page_sends_a_browser_without_a_name_to_the_sign_in(string page)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = server.Url };
        using var response = await browser.GetAsync(page);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location!.ToString(), Does.Contain("/login?ReturnUrl="));
    }

    private static async Task<string> AssertAsync(HttpClient client, Endpoint endpoint, HttpStatusCode status)
    {
        using var response = await client.SendAsync(endpoint.ToRequest());
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), $"{endpoint}: {text}");
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), endpoint.ToString());
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>A number, a moment, or a word of a list, which the document keeps elsewhere.</summary>
    private static bool IsTyped(JsonElement schema) =>
        (schema.TryGetProperty("format", out var format) && format.GetString() is "int32" or "int64" or "double" or "date-time") || schema.GetRawText().Contains("$ref", StringComparison.Ordinal);

    private static Endpoint ToEndpoint(string path, JsonProperty operation)
    {
        var typed = operation.Value.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray()
                .Where(parameter => parameter.GetProperty("in").GetString() == "query" && IsTyped(parameter.GetProperty("schema")))
                .Select(parameter => parameter.GetProperty("name").GetString()!).ToList()
            : [];
        return new Endpoint(operation.Name.ToUpperInvariant(), path, operation.Value.GetProperty("x-role").GetString()!, BodyOf(operation.Value), typed);
    }

    private static string? BodyOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().First().Name : null;
}
