namespace HilRig.Tests.SystemTests;

/// <summary>A folder with a plan, and the command to sign off with.</summary>
internal sealed class SignOffSandbox : IDisposable
{
    public SignOffSandbox(string plan) => File.WriteAllText(Plan, plan);

    public string Path { get; } = Directory.CreateTempSubdirectory("hilrig-sign-off-").FullName;

    public string Plan => System.IO.Path.Combine(Path, "plan.yaml");

    private string SignOff => System.IO.Path.Combine(Path, "sign-off");

    public void AddRun(string name, byte[] events) => File.WriteAllBytes(System.IO.Path.Combine(SignOff, "events", name), events);

    public string Dossier => System.IO.Path.Combine(Path, "dossier.zip");

    public async Task<(int Exit, string Output)> RunAsync(string verb, params IEnumerable<string> arguments)
    {
        using var command = Child.Start("hilrig", ["sign-off", verb, SignOff, .. arguments]);
        return (await command.ExitAsync(), command.Output);
    }

    public async Task<int> VerifyAsync()
    {
        using var command = Child.Start("hilrig", ["verify", Dossier]);
        return await command.ExitAsync();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
