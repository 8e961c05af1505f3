namespace HilRig.Model;

/// <summary>Something a person wrote is wrong: says where, what was expected and how to mend it. Ends a command with exit code 2.</summary>
public sealed class BadInputException(string message) : Exception(message)
{
    /// <summary>An error at a place in a file, printed as <c>file:line:column: message</c>.</summary>
    public static BadInputException At(string file, long line, long column, string message) =>
        new($"{file}:{line}:{column}: {message}");
}
