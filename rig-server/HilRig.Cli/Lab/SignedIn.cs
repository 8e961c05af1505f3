using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary>The server that <c>login</c> chose, with the token it gave; kept in a file that only its user can read.</summary>
/// <param name="Token">Null at a server that has no accounts.</param>
public sealed record SignedIn(Uri Server, string? Token)
{
    private const string ServerVariable = "HILRIG_SERVER";
    private const string TokenVariable = "HILRIG_TOKEN";
    private static readonly Uri ThisMachine = new("http://127.0.0.1:5080");

    /// <summary>Where it is kept; <c>HILRIG_CONFIG</c> names another folder.</summary>
    public static string File => Path.Combine(
        Environment.GetEnvironmentVariable("HILRIG_CONFIG") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "hilrig"), "server.json");

    /// <summary>The option's address, else the environment's, else that of <c>login</c>, else this machine's. A token goes to its own server alone.</summary>
    public static SignedIn Find(string? server)
    {
        var kept = Load();
        var wanted = server ?? Environment.GetEnvironmentVariable(ServerVariable);
        var address = wanted is null ? kept?.Server ?? ThisMachine : AddressOf(wanted);
        var token = Environment.GetEnvironmentVariable(TokenVariable) ?? (kept?.Server == address ? kept.Token : null);
        return new SignedIn(address, token);
    }

    public static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new BadInputException($"`{text}` is no address of a server; http://127.0.0.1:5080 is one");

    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(File, options);
        file.WriteLine(JsonSerializer.Serialize(this, RunJson.Options));
    }

    private static SignedIn? Load()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonSerializer.Deserialize<SignedIn>(System.IO.File.ReadAllText(File), RunJson.Options) : null;
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{File}: it is damaged ({exception.Message}); run `login` again");
        }
    }
}
