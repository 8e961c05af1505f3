namespace HilRig.VirtualBoard.Faults;

/// <summary>When a fault strikes: each time with a probability, or once at a position.</summary>
/// <param name="Probability">0 to 1, for each byte.</param>
/// <param name="Index">The one byte it strikes, counted from 0; null leaves it to chance.</param>
public sealed record Occurrence(double Probability, long? Index)
{
    public static Occurrence Read(FaultText text)
    {
        var index = text.Number("index", -1, -1);
        return new Occurrence(text.Real("p", 0.001), index < 0 ? null : index);
    }

    /// <param name="position">Of this one, counted from 0.</param>
    /// <param name="roll">Of the fault's own stream, drawn for each so that the stream does not depend on what was struck before.</param>
    public bool Strikes(long position, double roll) => Index is { } index ? position == index : roll < Probability;
}

/// <summary>Bytes lost, bent, late, torn apart or doubled on one direction of the wire.</summary>
public sealed class LineFault(LineFaultKind kind, Occurrence occurrence, TimeSpan pause, Random chance) : ILineFault
{
    private long position;

    public void Pass(LineByte came, List<LineByte> to)
    {
        var roll = chance.NextDouble();
        var bit = chance.Next(8);
        if (!occurrence.Strikes(position++, roll))
        {
            to.Add(came);
            return;
        }
        switch (kind)
        {
            case LineFaultKind.Drop:
                break;
            case LineFaultKind.Flip:
                to.Add(came with { Value = (byte)(came.Value ^ (1 << bit)) });
                break;
            case LineFaultKind.Duplicate:
                to.Add(came);
                to.Add(came with { Pause = 0 });
                break;
            case LineFaultKind.Delay or LineFaultKind.Split:
                to.Add(came with { Pause = came.Pause + pause.Ticks });
                break;
        }
    }
}

/// <summary>What a line fault does to the byte it strikes.</summary>
public enum LineFaultKind
{
    Drop,
    Flip,

    /// <summary>The byte and all behind it come later, but each packet's own bytes stay within their budgets.</summary>
    Delay,

    /// <summary>A pause longer than the 10 ms of a field falls in front of the byte.</summary>
    Split,
    Duplicate,
}
