using System.Globalization;

namespace HilRig.Model.Campaigns;

/// <summary>Hours of a lab's own clock: <c>22:00 to 06:00</c>, on days of the week. Each night is one stretch of time, whatever the clocks do in it.</summary>
/// <remarks>
/// A time that daylight saving skips is the moment at which the clocks go on; one that comes twice is the first of the two.
/// So a night never opens a second time because its end comes again.
/// </remarks>
/// <param name="Zone">IANA's name: <c>Europe/Berlin</c>.</param>
/// <param name="From">Local time at which it opens, <c>HH:mm</c>.</param>
/// <param name="To">The stop time; the next day's where it is not after <paramref name="From"/>.</param>
/// <param name="Days">Days on which it opens; every day where there are none.</param>
public sealed record Schedule(string Zone, string From, string To, IReadOnlyList<DayOfWeek> Days)
{
    // Beyond a week and its odd days nothing opens that has not opened before.
    private const int DaysAhead = 9;

    /// <summary>Throws <see cref="BadInputException"/> that names the field.</summary>
    public Schedule Checked(string field)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out _))
            throw new BadInputException($"{field}.zone: there is no time zone `{Zone}`; names such as Europe/Berlin or UTC are known");
        Time(From, $"{field}.from");
        Time(To, $"{field}.to");
        return this;
    }

    /// <summary>The end of the stretch that it is open in at that moment, or null where it is closed.</summary>
    public DateTimeOffset? ClosesAt(DateTimeOffset at) => ClosesAt(at, Find());

    public bool IsOpen(DateTimeOffset at) => ClosesAt(at) is not null;

    /// <summary>When it opens next; the moment itself where it is open.</summary>
    public DateTimeOffset OpensAt(DateTimeOffset at) => OpensAt(at, Find());

    /// <summary>The moment at which it will have been open for that long from now on.</summary>
    public DateTimeOffset After(DateTimeOffset at, TimeSpan work)
    {
        var zone = Find();
        while (true)
        {
            at = OpensAt(at, zone);
            var closes = ClosesAt(at, zone)!.Value;
            if (at + work <= closes)
                return at + work;
            work -= closes - at;
            at = closes;
        }
    }

    /// <summary>The same in a zone that no system need know.</summary>
    public DateTimeOffset? ClosesAt(DateTimeOffset at, TimeZoneInfo zone)
    {
        foreach (var (opens, closes) in Stretches(at, zone))
        {
            if (opens <= at && at < closes)
                return closes;
        }
        return null;
    }

    /// <summary>The same in a zone that no system need know.</summary>
    public DateTimeOffset OpensAt(DateTimeOffset at, TimeZoneInfo zone) =>
        ClosesAt(at, zone) is not null ? at : Stretches(at, zone).First(stretch => stretch.Opens > at).Opens;

    public override string ToString()
    {
        var days = Days.Count == 0 ? "" : $" on {string.Join(", ", Days.Select(day => day.ToString()))}";
        return $"{From} to {To}{days}, {Zone}";
    }

    private TimeZoneInfo Find() => TimeZoneInfo.FindSystemTimeZoneById(Zone);

    private IEnumerable<(DateTimeOffset Opens, DateTimeOffset Closes)> Stretches(DateTimeOffset at, TimeZoneInfo zone)
    {
        var (from, to) = (Time(From, nameof(From)), Time(To, nameof(To)));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            if (Days.Count == 0 || Days.Contains(day.DayOfWeek))
                yield return (Moment(day.ToDateTime(from), zone), Moment((to > from ? day : day.AddDays(1)).ToDateTime(to), zone));
        }
    }

    private static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private static TimeOnly Time(string text, string field) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new BadInputException($"{field}: `{text}` is no time of day; 22:00 is one");
}
