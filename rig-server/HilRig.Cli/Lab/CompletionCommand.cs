using System.CommandLine;
using HilRig.Model;

namespace HilRig.Cli.Lab;

/// <summary><c>completion</c>: a script for bash, made of the verbs and options that there are.</summary>
internal static class CompletionCommand
{
    public static Command Create(Command root)
    {
        var command = new Command("completion", "Print a completion script: source <(./rig completion)");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(Script(root));
            return ExitCode.Pass;
        });
        return command;
    }

    private static string Script(Command root) =>
        $$"""
        # Completion of HilRig's verbs for bash: source <(./rig completion)
        _hilrig() {
          local word=${COMP_WORDS[COMP_CWORD]}
          case "${COMP_WORDS[*]:1:COMP_CWORD-1}" in
        {{string.Join('\n', Cases(root, "").Reverse())}}
          esac
          [ -n "$COMPREPLY" ] || COMPREPLY=($(compgen -f -- "$word"))
        }
        complete -F _hilrig rig ./rig hilrig

        """;

    private static IEnumerable<string> Cases(Command command, string path)
    {
        var words = command.Subcommands.Select(inner => inner.Name).Concat(command.Options.Select(option => option.Name)).Append("--help").Distinct().Order(StringComparer.Ordinal);
        yield return $"    {(path.Length == 0 ? "*" : $"'{path}' | '{path} '*")}) COMPREPLY=($(compgen -W '{string.Join(' ', words)}' -- \"$word\")) ;;";
        foreach (var inner in command.Subcommands.SelectMany(inner => Cases(inner, $"{path} {inner.Name}".Trim())))
            yield return inner;
    }
}
