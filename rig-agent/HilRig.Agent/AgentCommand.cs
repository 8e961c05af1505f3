using System.CommandLine;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Characterisation;
using HilRig.Agent.Doctor;

namespace HilRig.Agent;

/// <summary>The command line of <c>hilrig-agent</c>.</summary>
public static class AgentCommand
{
    public static RootCommand Create() => new("The HilRig agent: drives the boards that are wired to this machine.")
    {
        RunCommand.Create(),
        LintCommand.Create(),
        SchemaCommand.Create(),
        ServeCommand.Create(),
        EnrolCommand.Create(),
        UnwedgeCommand.Create(),
        DoctorCommand.Create(),
        CharacteriseCommand.Create(),
        KbootCommand.Create(),
    };
}
