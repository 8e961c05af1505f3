using System.Net.Http.Headers;
using HilRig.Model;

namespace HilRig.Agent.Hub;

/// <summary>What proves to a server that this is the agent it says: in a file that only its user can read, or in the environment.</summary>
public static class AgentToken
{
    public const string Variable = "HILRIG_TOKEN";

    /// <summary>Where <c>enrol</c> leaves it and <c>serve</c> looks for it.</summary>
    public static string FileIn(string data) => Path.Combine(data, "token");

    /// <summary>The environment's, else the file's; null where there is neither.</summary>
    public static string? Find(string data)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var file = FileIn(data);
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: the token cannot be read ({exception.Message}); mend its rights or enrol again");
        }
    }

    public static void Save(string data, string token)
    {
        Directory.CreateDirectory(data);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(FileIn(data), options);
        file.WriteLine(token);
    }

    /// <summary>A client whose calls carry the token; their deadlines are their policies'.</summary>
    public static HttpClient Client(Uri server, string? token)
    {
        var client = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
