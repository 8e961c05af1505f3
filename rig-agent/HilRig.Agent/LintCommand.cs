using System.CommandLine;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Agent;

/// <summary><c>agent lint FILE…</c>: every mistake of sequences, without a board.</summary>
public static class LintCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Sequence files, or folders of them", Arity = ArgumentArity.OneOrMore };
        var flat = new Option<bool>("--flat") { Description = "Also print each sequence with what it includes in its place, as a server needs it" };
        var command = new Command("lint", "Name every mistake of sequences, by file, line and column; needs no board") { paths, flat };
        command.SetAction(parsed => Lint(parsed.GetRequiredValue(paths), parsed.GetValue(flat) ? Console.Out : TextWriter.Null));
        return command;
    }

    private static int Lint(IEnumerable<string> paths, TextWriter flat)
    {
        var files = paths.SelectMany(Files).ToList();
        var mistakes = 0;
        foreach (var file in files)
        {
            var problems = Check(file, flat);
            mistakes += problems.Count;
            foreach (var problem in problems)
                Console.Error.WriteLine(problem.Message);
        }
        Console.Error.WriteLine(mistakes == 0 ? $"{Count(files.Count, "sequence")}, no mistakes" : $"{Count(mistakes, "mistake")} in {Count(files.Count, "sequence")}");
        return mistakes == 0 ? ExitCode.Pass : ExitCode.BadInput;
    }

    private static IReadOnlyList<BadInputException> Check(string file, TextWriter flat)
    {
        var problems = new Problems();
        if (problems.Or(null, () => SequenceFile.Load(file, problems)) is not { } sequence)
            return problems.Found;
        var board = problems.Or(null, () => BoardTypeFile.Load(sequence.BoardType, new SourcePosition(file, 1, 1)));
        if (problems.Or(null, () => Variants.Of(sequence)) is not { } variants)
            return problems.Found;
        foreach (var (_, bind) in variants.All.Prepend(variants.Usual).SelectMany(variant => StepBinder.Bindings(variant.Nodes)))
            problems.Or(null, bind);
        if (board is not null)
            problems.Note(() => RunImages.Load(variants, board));
        flat.Write(sequence.Text);
        return problems.Found;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        var files = Directory.EnumerateFiles(path, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new BadInputException($"{path}: no sequence (*.yaml) in this folder");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
