namespace HilRig.Server;

/// <summary>This machine does not let the server start: port, directory, database. One line that says the remedy; exit code 3.</summary>
public sealed class StartException(string message) : Exception(message);
