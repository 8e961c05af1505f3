using System.Globalization;

namespace HilRig.Bench.Chaos;

/// <summary>A command that a board logged, with the last status it gave; null where it gave none.</summary>
/// <param name="Text">Name and first two parameters: <c>write-memory 1000A000 00001800</c>.</param>
public sealed record Commanded(string Text, uint? Status)
{
    public bool Succeeded => Status == 0;
}

/// <summary>What a board wrote down itself about the commands that change it, and the marks.</summary>
public static class BoardDiary
{
    private static readonly string[] Kept = ["flash-erase-all", "flash-erase-region", "write-memory"];

    /// <param name="logs">Life after life.</param>
    /// <param name="isForeign">True for a line that was not the agent's doing, by its number in all of them, counted from 0.</param>
    public static IReadOnlyList<Commanded> Read(IEnumerable<string> logs, Func<int, bool> isForeign)
    {
        var commands = new List<Commanded>();
        var line = 0;
        foreach (var log in logs)
        {
            // A life's end ends what it was doing.
            var isOpen = false;
            foreach (var words in File.ReadLines(log).Select(text => text.Split(' ')))
            {
                if (isForeign(line++))
                    isOpen = false;
                else if (words[2] == "command")
                    isOpen = Begin(words, commands);
                else if (isOpen && words[2] == "status")
                    commands[^1] = commands[^1] with { Status = uint.Parse(words[3], CultureInfo.InvariantCulture) };
                else if (words[2] is "reset" or "power")
                    isOpen = false;
            }
        }
        return commands;
    }

    public static int Lines(IEnumerable<string> logs) => logs.Sum(log => File.ReadLines(log).Count());

    private static bool Begin(string[] words, List<Commanded> commands)
    {
        if (!Kept.Contains(words[3]) && !(words[3] == "read-memory" && ChaosSequence.IsMark(Convert.ToUInt32(words[4], 16), Convert.ToUInt32(words[5], 16))))
            return false;
        commands.Add(new Commanded(string.Join(' ', words[3..6]), null));
        return true;
    }
}
