namespace HilRig.Agent.Steps;

/// <summary>A file that a sequence names, relative to its own.</summary>
/// <param name="Path">Absolute.</param>
public sealed record BesideFile(string Path)
{
    public const string Form = "the path of a file that exists, relative to the sequence";

    /// <summary>Null where there is none.</summary>
    public static BesideFile? TryFind(string name, string sequence)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(sequence))!, name);
        return File.Exists(path) ? new BesideFile(path) : null;
    }
}
