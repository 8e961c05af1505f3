using HilRig.Tests.Architecture;

namespace HilRig.Tests.Launcher;

/// <summary>A folder with the launcher and nothing to build, and a PATH of links to the system's tools, dotnet left out.</summary>
internal sealed class EmptyCheckout : IDisposable
{
    public EmptyCheckout()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "build"));
        Directory.CreateDirectory(ToolsWithoutDotnet);
        File.Copy(Path.Combine(Repository.Root, "rig"), Launcher);
        File.Copy(Path.Combine(Repository.Root, "build", "launcher.sh"), Path.Combine(Folder, "build", "launcher.sh"));
        foreach (var tool in Directory.EnumerateFiles("/usr/bin").Where(tool => Path.GetFileName(tool) != "dotnet"))
            File.CreateSymbolicLink(Path.Combine(ToolsWithoutDotnet, Path.GetFileName(tool)), tool);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hilrig-launcher-").FullName;

    public string Launcher => Path.Combine(Folder, "rig");

    public string ToolsWithoutDotnet => Path.Combine(Folder, "tools");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
