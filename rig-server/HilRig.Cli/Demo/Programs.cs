using System.Reflection;
using HilRig.Model;

namespace HilRig.Cli.Demo;

/// <summary>Finds HilRig's other programs: beside this one, or where a build of the source tree puts them.</summary>
public static class Programs
{
    public static string Server => Find("hilrig-server.dll", "rig-server/HilRig.Server");

    public static string Agent => Find("hilrig-agent.dll", "rig-agent/HilRig.Agent");

    public static string Board => Find("hilrig-board.dll", "rig-agent/HilRig.VirtualBoard");

    /// <summary>A file that ships with the source tree, for example a sequence.</summary>
    public static string Shipped(string path)
    {
        var file = Path.Combine(SourceTree ?? "", path);
        return File.Exists(file) ? file : throw new BadInputException($"{path}: not found; run the demo from a checkout of HilRig");
    }

    private static string? SourceTree
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "HilRig.sln")))
                    return folder.FullName;
            }
            return null;
        }
    }

    private static string Find(string file, string project)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, file);
        if (File.Exists(beside))
            return beside;
        var configuration = typeof(Programs).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";
        var built = Path.Combine(SourceTree ?? "", project, "bin", configuration, "net10.0", file);
        return File.Exists(built) ? built : throw new BadInputException($"{file}: not found beside {AppContext.BaseDirectory}; build HilRig.sln first");
    }
}
