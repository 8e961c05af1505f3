namespace HilRig.Agent.Serial;

/// <summary>What a UART's driver has counted since its device appeared; a step subtracts two readings.</summary>
/// <param name="Framing">Bytes without a stop bit: noise, or another baud rate.</param>
/// <param name="Overruns">Bytes that the UART lost because nobody took them in time.</param>
/// <param name="Parity">Bytes with a wrong parity bit.</param>
/// <param name="Breaks">Times the line was held low.</param>
/// <param name="BufferOverruns">Bytes that the driver lost because nobody read them in time.</param>
public readonly record struct SerialLineErrors(int Framing, int Overruns, int Parity, int Breaks, int BufferOverruns)
{
    public int Total => Framing + Overruns + Parity + Breaks + BufferOverruns;

    /// <summary>What was lost because nobody took it in time, in the UART or behind it.</summary>
    public int AllOverruns => Overruns + BufferOverruns;

    /// <summary>What came between two readings. A replugged adapter counts from 0 again.</summary>
    public static SerialLineErrors operator -(SerialLineErrors later, SerialLineErrors earlier) => new(
        Since(later.Framing, earlier.Framing),
        Since(later.Overruns, earlier.Overruns),
        Since(later.Parity, earlier.Parity),
        Since(later.Breaks, earlier.Breaks),
        Since(later.BufferOverruns, earlier.BufferOverruns));

    public static SerialLineErrors operator +(SerialLineErrors one, SerialLineErrors other) => new(
        one.Framing + other.Framing,
        one.Overruns + other.Overruns,
        one.Parity + other.Parity,
        one.Breaks + other.Breaks,
        one.BufferOverruns + other.BufferOverruns);

    public static SerialLineErrors Subtract(SerialLineErrors later, SerialLineErrors earlier) => later - earlier;

    public static SerialLineErrors Add(SerialLineErrors one, SerialLineErrors other) => one + other;

    private static int Since(int later, int earlier) => later >= earlier ? later - earlier : later;
}
