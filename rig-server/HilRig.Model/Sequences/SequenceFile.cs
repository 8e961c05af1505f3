namespace HilRig.Model.Sequences;

/// <summary>Text to <see cref="Sequence"/>. Knows the shape of the language, not which steps exist; the agent binds those.</summary>
public static class SequenceFile
{
    /// <summary>Reads and parses a file and what it includes; throws <see cref="BadInputException"/> with the place of the first mistake.</summary>
    public static Sequence Load(string path) => Only(problems => Load(path, problems));

    /// <summary>Parses <paramref name="text"/>, which can include nothing; <paramref name="file"/> is for messages only.</summary>
    public static Sequence Parse(string file, string text) => Only(problems => SequenceReader.Read(file, text, problems, null, SequenceReader.Keys));

    /// <summary>Reads a file as far as it can be read; null where it is no sequence at all. Every mistake goes to <paramref name="problems"/>.</summary>
    public static Sequence? Load(string path, Problems problems)
    {
        var sequence = SequenceReader.Read(path, ReadText(path), problems, Includes.Beside(path), SequenceReader.Keys);
        return sequence is null || SequencePrinter.Flat(sequence) is not { } flat ? sequence : sequence with { Text = flat };
    }

    /// <summary>The text of a sequence file.</summary>
    internal static string ReadText(string path) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new BadInputException($"{path}: no such sequence file");

    private static Sequence Only(Func<Problems, Sequence?> read)
    {
        var problems = new Problems();
        var sequence = read(problems);
        return problems.Found.Count > 0 ? throw problems.Found[0] : sequence!;
    }
}
