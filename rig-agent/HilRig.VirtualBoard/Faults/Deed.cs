namespace HilRig.VirtualBoard.Faults;

/// <summary>A failure that needs no fault: somebody does something to a sound board.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Fact">The row of facts/kboot.md §10.</param>
/// <param name="How">Who does what: "it comes about when …".</param>
/// <param name="Host">What the host will see.</param>
/// <param name="Swd">What a debugger will see.</param>
public sealed record Deed(string Name, string Fact, string How, string Host, string Swd);
