using System.Globalization;

namespace HilRig.Model.Nights;

/// <summary>A night of a clock on the wall: from noon to noon, named after the day on which it begins.</summary>
public sealed record Night(DateOnly Date, TimeZoneInfo Zone)
{
    private const int FirstYear = 2000;
    private const int LastYear = 2200;

    public DateTimeOffset From => Noon(Date);

    public DateTimeOffset To => Noon(Date.AddDays(1));

    /// <summary>That which began yesterday: the one that a morning asks for.</summary>
    public static Night Last(DateTimeOffset now, TimeZoneInfo zone) => new(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(-1), zone);

    /// <summary>The last night where no date is given. Throws <see cref="BadInputException"/> that names the field.</summary>
    /// <param name="zone">IANA's name; the machine's own zone where there is none.</param>
    public static Night Parse(string? date, string? zone, DateTimeOffset now, TimeZoneInfo local)
    {
        var there = string.IsNullOrEmpty(zone) ? local
            : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found
            : throw new BadInputException($"zone: there is no time zone `{zone}`; names such as Europe/Berlin or UTC are known");
        if (string.IsNullOrEmpty(date))
            return Last(now, there);
        return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= FirstYear and <= LastYear
            ? new Night(day, there)
            : throw new BadInputException($"date: `{date}` is no day; 2026-01-21 is one, the night that begins on it");
    }

    // No zone changes its clocks at noon.
    private DateTimeOffset Noon(DateOnly day)
    {
        var noon = day.ToDateTime(new TimeOnly(12, 0));
        return new DateTimeOffset(noon, Zone.GetUtcOffset(noon));
    }
}
