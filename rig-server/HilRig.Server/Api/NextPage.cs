using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>
/// Where a list goes on: a <c>Link</c> header with <c>rel="next"</c> (RFC 8288), which is the same address with <c>cursor</c> set to the last element's key.
/// A page that was inserted before meanwhile neither repeats nor misses anything.
/// </summary>
internal static class NextPage
{
    public const int MostOnPage = 1000;

    /// <summary>One page of a list that stands in memory as a whole: what comes after the element with the cursor's key; nothing where there is no such element.</summary>
    public static Ok<IReadOnlyList<T>> Of<T>(HttpContext context, IReadOnlyList<T> all, string? cursor, int limit, Func<T, string> keyOf)
    {
        limit = Math.Clamp(limit, 1, MostOnPage);
        var rest = cursor is null ? all : all.SkipWhile(element => keyOf(element) != cursor).Skip(1);
        IReadOnlyList<T> page = [.. rest.Take(limit)];
        if (page.Count > 0 && keyOf(page[^1]) != keyOf(all[^1]))
            Announce(context, page, limit, keyOf);
        return TypedResults.Ok(page);
    }

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
