namespace HilRig.Model.Runs;

/// <summary>What was observed when a step did not do as it should.</summary>
/// <param name="Operation">The operation that failed, in the manual's word: <c>write-memory</c>, <c>ping</c>, <c>compare-swd</c>.</param>
/// <param name="Code">A status word, or a short kebab-case name: <c>10203</c>, <c>no-response</c>, <c>mismatch</c>.</param>
/// <param name="CodeName">The code in words, <c>kStatusMemoryCumulativeWrite</c>; empty where the code says it.</param>
/// <param name="Message">One sentence for a person: subject, expectation, observation.</param>
public sealed record Failure(string Operation, string Code, string CodeName, string Message);
