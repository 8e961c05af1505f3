namespace HilRig.VirtualBoard;

/// <summary>A person asked for something that cannot be: exit code 2, one line.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The machine cannot give what a board needs (a port, a terminal): exit code 3, one line.</summary>
public sealed class RigException(string message) : Exception(message);
