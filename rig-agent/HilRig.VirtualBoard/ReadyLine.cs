namespace HilRig.VirtualBoard;

/// <summary>The one line that says that all boards answer, and where.</summary>
internal static class ReadyLine
{
    public static string Write(IReadOnlyList<(string Name, BoardDoors Doors)> boards)
    {
        var (first, last) = (boards[0], boards[^1]);
        return boards.Count == 1
            ? $"board {first.Name} ready: serial {first.Doors.Serial} probe {Probe(first.Doors)} power {Power(first.Doors)}"
            : $"boards {first.Name} to {last.Name} ready: serial {first.Doors.Serial} to {last.Doors.Serial} probe {Probe(first.Doors)} to {Probe(last.Doors)} power {Power(first.Doors)} to {Power(last.Doors)}";
    }

    private static string Probe(BoardDoors doors) => $"remote:127.0.0.1:{doors.ProbePort}";

    private static string Power(BoardDoors doors) => $"127.0.0.1:{doors.PowerPort}";
}
