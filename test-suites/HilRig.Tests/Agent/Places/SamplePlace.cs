using HilRig.Agent.Places;

namespace HilRig.Tests.Agent.Places;

/// <summary>Places read from text, for tests that touch no board.</summary>
public static class SamplePlace
{
    public static Place WithPower { get; } = Parse("""
        places:
          - name: p1
            board: kv58
            serial: {device: /dev/null}
            probe: {uid: "remote:127.0.0.1:5555"}
            power: {scpi: "127.0.0.1:5025"}
        """);

    public static Place WithoutPower { get; } = Parse("""
        places:
          - name: p1
            board: kv58
            serial: {device: /dev/null}
            probe: {uid: ABC123}
        """);

    private static Place Parse(string text) => PlacesFile.Parse("places.yaml", text)[0];
}
