using HilRig.Model;
using HilRig.Model.Campaigns;
using NUnit.Framework;

namespace HilRig.Tests.Model.Campaigns;

/// <summary>Hours of local time, through the nights in which the clocks change.</summary>
public sealed class ScheduleTests
{
    private static readonly Schedule Night = new("Europe/Berlin", "22:00", "06:00", []);

    [TestCase("2026-01-21T20:59:59Z", false)]
    [TestCase("2026-01-21T21:00:00Z", true)]
    [TestCase("2026-01-22T00:00:00Z", true)]
    [TestCase("2026-01-22T04:59:59Z", true)]
    [TestCase("2026-01-22T05:00:00Z", false)]
    [TestCase("2026-07-21T19:59:59Z", false)]
    [TestCase("2026-07-21T20:00:00Z", true)]
    [TestCase("2026-07-22T03:59:59Z", true)]
    [TestCase("2026-07-22T04:00:00Z", false)]
    public void A_night_goes_by_the_labs_own_clock(string at, bool open) => Assert.That(Night.IsOpen(At(at)), Is.EqualTo(open));

    [Test]
    public void The_night_on_which_the_clocks_go_forward_is_an_hour_shorter() =>
        Assert.That(Length(Night, "2026-03-28T12:00:00Z"), Is.EqualTo(TimeSpan.FromHours(7)));

    [Test]
    public void The_night_on_which_the_clocks_go_back_is_an_hour_longer() =>
        Assert.That(Length(Night, "2026-10-24T12:00:00Z"), Is.EqualTo(TimeSpan.FromHours(9)));

    [Test]
    public void A_stop_time_that_the_clocks_skip_is_the_moment_at_which_they_go_on() => Assert.Multiple(() =>
    {
        var schedule = Night with { To = "02:30" };
        Assert.That(schedule.ClosesAt(At("2026-03-28T23:00:00Z")), Is.EqualTo(At("2026-03-29T01:00:00Z")));
        Assert.That((Night with { From = "02:30" }).OpensAt(At("2026-03-28T23:00:00Z")), Is.EqualTo(At("2026-03-29T01:00:00Z")));
    });

    [Test]
    public void A_time_that_comes_twice_is_the_first_and_the_night_does_not_open_again() => Assert.Multiple(() =>
    {
        var schedule = Night with { To = "02:30" };
        Assert.That(schedule.ClosesAt(At("2026-10-24T23:00:00Z")), Is.EqualTo(At("2026-10-25T00:30:00Z")));
        Assert.That(schedule.IsOpen(At("2026-10-25T01:15:00Z")), Is.False, "02:15 comes again");
        Assert.That((Night with { From = "02:30" }).OpensAt(At("2026-10-24T23:00:00Z")), Is.EqualTo(At("2026-10-25T00:30:00Z")));
    });

    [Test]
    public void Half_an_hour_of_daylight_saving_is_half_an_hour() =>
        Assert.That(Length(Night with { Zone = "Australia/Lord_Howe" }, "2026-04-04T06:00:00Z"), Is.EqualTo(TimeSpan.FromHours(8.5)));

    [Test]
    public void A_zone_that_no_system_knows_goes_by_its_own_rules()
    {
        var change = TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 23, 0, 0), 6, 1);
        var back = TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 23, 0, 0), 9, 1);
        var zone = TimeZoneInfo.CreateCustomTimeZone(
            "lab", TimeSpan.FromHours(-3.5), "lab", "lab", "lab",
            [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(2), change, back)]);

        Assert.That(Night.OpensAt(At("2026-06-01T12:00:00Z"), zone), Is.EqualTo(At("2026-06-02T01:30:00Z")));
        Assert.That(Night.ClosesAt(At("2026-06-02T03:00:00Z"), zone), Is.EqualTo(At("2026-06-02T07:30:00Z")), "23:00 to 01:00 does not exist");
    }

    [Test]
    public void The_days_are_those_on_which_it_opens() => Assert.Multiple(() =>
    {
        var schedule = Night with { Days = [DayOfWeek.Friday] };
        Assert.That(schedule.OpensAt(At("2026-01-21T12:00:00Z")), Is.EqualTo(At("2026-01-23T21:00:00Z")));
        Assert.That(schedule.IsOpen(At("2026-01-24T04:00:00Z")), Is.True, "the morning of Saturday belongs to Friday's night");
        Assert.That(schedule.IsOpen(At("2026-01-24T23:00:00Z")), Is.False);
        Assert.That(schedule.OpensAt(At("2026-01-24T12:00:00Z")), Is.EqualTo(At("2026-01-30T21:00:00Z")));
    });

    [Test]
    public void Work_goes_on_in_the_next_nights_until_it_is_done() => Assert.Multiple(() =>
    {
        Assert.That(Night.After(At("2026-01-21T12:00:00Z"), TimeSpan.FromHours(3)), Is.EqualTo(At("2026-01-22T00:00:00Z")));
        Assert.That(Night.After(At("2026-01-22T00:00:00Z"), TimeSpan.FromHours(14)), Is.EqualTo(At("2026-01-23T22:00:00Z")));
        Assert.That(Night.After(At("2026-03-28T21:00:00Z"), TimeSpan.FromHours(8)), Is.EqualTo(At("2026-03-29T21:00:00Z")), "seven hours, then one of the next night");
    });

    [Test]
    public void The_same_time_twice_is_the_whole_day() =>
        Assert.That(new Schedule("UTC", "08:00", "08:00", []).ClosesAt(At("2026-01-21T08:00:00Z")), Is.EqualTo(At("2026-01-22T08:00:00Z")));

    [TestCase("Mars/Olympus", "22:00", "06:00", "schedule.zone: there is no time zone `Mars/Olympus`")]
    [TestCase("UTC", "10 pm", "06:00", "schedule.from: `10 pm` is no time of day")]
    [TestCase("UTC", "22:00", "24:00", "schedule.to: `24:00` is no time of day")]
    public void What_is_no_schedule_is_refused_with_its_field(string zone, string from, string to, string message) =>
        Assert.That(() => new Schedule(zone, from, to, []).Checked("schedule"), Throws.TypeOf<BadInputException>().With.Message.StartsWith(message));

    private static TimeSpan Length(Schedule schedule, string noon)
    {
        var opens = schedule.OpensAt(At(noon).AddDays(schedule.IsOpen(At(noon)) ? 1 : 0));
        return schedule.ClosesAt(opens)!.Value - opens;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
