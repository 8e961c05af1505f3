namespace HilRig.Agent.Running;

/// <summary>A run's journal could not be written; what stands in it already is whole.</summary>
public sealed class JournalException(string message, Exception inner) : RigException("journal", message, inner);
