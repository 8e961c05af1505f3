using HilRig.Agent.Places;
using HilRig.Agent.Serial;
using HilRig.Model;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Places;

public class PlacesFileTests
{
    [Test]
    public void A_place_has_sensible_defaults()
    {
        var place = SamplePlace.WithoutPower;

        Assert.That(place, Has.Property("Baud").EqualTo(57600).And.Property("Entry").EqualTo(BootloaderEntry.Window)
            .And.Property("SerialDriver").EqualTo(SerialDriver.Automatic).And.Property("Power").Null);
        Assert.That(place.Board.Map.ApplicationAddress, Is.EqualTo(0x1000A000));
    }

    [TestCase("name: p 1", "`name` must be lower-case letters")]
    [TestCase("board: kv59", "unknown board type `kv59`; did you mean `kv58`?")]
    [TestCase("board: ../kv58", "unknown board type")]
    [TestCase("serial: {baud: 57600}", "`device:` is missing")]
    [TestCase("serial: {device: x, driver: magic}", "`driver` has no `magic`")]
    [TestCase("probe: {uid: \"--script=evil.py\"}", "`uid` must be a probe's serial number")]
    [TestCase("probe: {uid: a, frequency: fast}", "`frequency` must be written like 4m")]
    [TestCase("probe: {uid: a, target: \"--script\"}", "`target` must be a target type")]
    [TestCase("probe: {uid: a, pack: \"--version\"}", "`pack`: no such file /")]
    [TestCase("releases: nowhere", "`releases`: no such folder /")]
    [TestCase("hub: USB A", "`hub` must be lower-case letters")]
    [TestCase("boot-window: soon", "`boot-window` must be a time with its unit")]
    [TestCase("power: {scpi: localhost}", "`scpi` must be HOST:PORT")]
    [TestCase("power: {command: [sh, -c, on]}", "`command` must have {state}")]
    [TestCase("power: {command: sh -c}", "`command` must be a list")]
    [TestCase("power: {command: [no-such-switch, \"{state}\"]}", "no program `no-such-switch`")]
    [TestCase("power: {scpi: \"h:1\", command: [sh, \"{state}\"]}", "`power` needs either")]
    [TestCase("power: {scpi: \"h:1\", measure: [sh]}", "belong to `command`")]
    [TestCase("entry: pin", "`entry: pin` needs `power: {scpi: HOST:PORT}`")]
    [TestCase("entri: pin", "a place has no `entri`; did you mean `entry`?")]
    public void A_mistake_is_named_with_its_line(string change, string expected)
    {
        var key = change.Split(':')[0];
        var lines = new Dictionary<string, string>
        {
            ["name"] = "name: p1",
            ["board"] = "board: kv58",
            ["serial"] = "serial: {device: /dev/null}",
            ["probe"] = "probe: {uid: ABC}",
            [key] = change,
        };
        var text = "places:\n  - " + string.Join("\n    ", lines.Values) + "\n";

        Assert.That(() => PlacesFile.Parse("places.yaml", text), Throws.TypeOf<BadInputException>().With.Message.Contains(expected).And.Message.StartsWith("places.yaml:"));
    }

    [Test]
    public void Two_places_cannot_share_a_probe()
    {
        const string Text = """
            places:
              - {name: a, board: kv58, serial: {device: x}, probe: {uid: P}}
              - {name: b, board: kv58, serial: {device: y}, probe: {uid: P}}
            """;

        Assert.That(() => PlacesFile.Parse("places.yaml", Text), Throws.TypeOf<BadInputException>().With.Message.Contains("places.yaml:3:5: probe `P` is used twice"));
    }
}
