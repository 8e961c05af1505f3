using Microsoft.AspNetCore.Http.Extensions;

namespace HilRig.Server.Api;

/// <summary>
/// Where a list goes on: a <c>Link</c> header with <c>rel="next"</c> (RFC 8288), which is the same address with <c>cursor</c> set to the last element's key.
/// A page that was inserted before meanwhile neither repeats nor misses anything.
/// </summary>
internal static class NextPage
{
    public static void Announce<T>(HttpContext context, IReadOnlyList<T> page, int limit, Func<T, string> cursorOf)
    {
        if (page.Count < limit)
            return;
        var query = new QueryBuilder(context.Request.Query.Where(pair => pair.Key != "cursor").SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? ""))))
        {
            { "cursor", cursorOf(page[^1]) },
        };
        context.Response.Headers.Link = $"<{context.Request.Path}{query}>; rel=\"next\"";
    }
}
