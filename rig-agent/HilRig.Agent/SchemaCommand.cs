using System.CommandLine;
using HilRig.Agent.Steps;
using HilRig.Model;

namespace HilRig.Agent;

/// <summary><c>agent schema</c>: the language for editors.</summary>
public static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of sequences, by which an editor completes and checks them");
        command.SetAction(_ =>
        {
            Console.Write(SequenceSchema.Text());
            return ExitCode.Pass;
        });
        return command;
    }
}
