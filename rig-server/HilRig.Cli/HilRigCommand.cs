using System.CommandLine;
using System.CommandLine.Help;
using HilRig.Cli.Demo;
using HilRig.Cli.Investigations;
using HilRig.Cli.Lab;
using HilRig.Cli.SignOffs;

namespace HilRig.Cli;

/// <summary>The command line of <c>hilrig</c>.</summary>
public static class HilRigCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("HilRig: hammers bootloaders all night and says what triggers a rare failure.")
        {
            DemoCommand.Create(),
            AnalyzeCommand.Create(),
            ReproduceCommand.Create(),
            InvestigateCommand.Create(),
            CompareCommand.Create(),
            BisectCommand.Create(),
            SignOffCommand.Create(),
            VerifyCommand.Create(),
            LoginCommand.Create(),
            DoctorCommand.Create(),
            ReadCommands.Places(),
            RunCommand.Create(),
            SteerCommand.Create(),
            ReadCommands.Runs(),
            CampaignCommands.Create(),
            ReportCommand.Create(),
            ReadCommands.Flags(),
            ReadCommands.Investigations(),
            ReleaseCommands.Create(),
            ReadCommands.Audit(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            BackupCommand.Create(),
            WebhookCommands.Create(),
            AccountCommands.People(),
            AccountCommands.Agents(),
        };
        root.Add(CompletionCommand.Create(root));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }
}
