using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>The board did not do as it should, and a witness that is not the bootloader's own word says so.</summary>
/// <param name="at">Address of the first wrong byte, where there is one: evidence looks there.</param>
public sealed class DutFailureException(Failure failure, uint? at = null) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;

    public uint? Address { get; } = at;
}

/// <summary>The sequence asks for what cannot be judged or done at this point; nobody else is to blame.</summary>
public sealed class SequenceStepException(string operation, string message) : Exception(message)
{
    public string Operation { get; } = operation;
}
