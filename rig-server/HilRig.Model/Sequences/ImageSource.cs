namespace HilRig.Model.Sequences;

/// <summary>
/// The image that updates write: a file, or bytes made from a size and a seed. The same size, seed and address are the
/// same bytes everywhere.
/// </summary>
/// <param name="File">Path relative to the sequence file; null for a made image.</param>
/// <param name="Size">Bytes of a made image.</param>
/// <param name="Seed">What its bytes are drawn from; 1 where it is missing.</param>
/// <param name="Address">Where it goes; the board type's application address where it is missing.</param>
public sealed record ImageSource(StepArgument? File, StepArgument? Size, StepArgument? Seed, StepArgument? Address)
{
    internal ImageSource Rewrite(Func<StepArgument, StepArgument> argument) => new(
        File is null ? null : argument(File),
        Size is null ? null : argument(Size),
        Seed is null ? null : argument(Seed),
        Address is null ? null : argument(Address));
}
