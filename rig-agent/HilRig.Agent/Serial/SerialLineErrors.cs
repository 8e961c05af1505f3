namespace HilRig.Agent.Serial;

/// <summary>What a UART's driver has counted since it was loaded; a step subtracts two readings.</summary>
/// <param name="Framing">Bytes without a stop bit: noise, or another baud rate.</param>
/// <param name="Overruns">Bytes that the UART lost because nobody took them in time.</param>
/// <param name="Parity">Bytes with a wrong parity bit.</param>
/// <param name="Breaks">Times the line was held low.</param>
/// <param name="BufferOverruns">Bytes that the driver lost because nobody read them in time.</param>
public readonly record struct SerialLineErrors(int Framing, int Overruns, int Parity, int Breaks, int BufferOverruns)
{
    public int Total => Framing + Overruns + Parity + Breaks + BufferOverruns;

    public static SerialLineErrors operator -(SerialLineErrors later, SerialLineErrors earlier) => new(
        later.Framing - earlier.Framing,
        later.Overruns - earlier.Overruns,
        later.Parity - earlier.Parity,
        later.Breaks - earlier.Breaks,
        later.BufferOverruns - earlier.BufferOverruns);

    public static SerialLineErrors Subtract(SerialLineErrors later, SerialLineErrors earlier) => later - earlier;
}
