using System.Globalization;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.Reproducers;

/// <summary>A value of a failing cycle and what it may be instead, ever simpler.</summary>
/// <param name="Step">The step that has it: a position in <see cref="FailingCycle.Before"/>, or one past it for the failing step; <see cref="OfImage"/> for the image's size.</param>
/// <param name="Rungs">The first is as it was.</param>
public sealed record ValueLadder(int Step, string Name, IReadOnlyList<string> Rungs)
{
    public const int OfImage = -1;

    private const int MostRungs = 8;
    private const uint SmallestCount = 32;
    internal const int SmallestImage = 256;
    private static readonly string[] Counts = ["length", "count", "size"];
    private static readonly uint[] Rates = [921600, 460800, 230400, 115200, 57600, 38400, 19200, 9600];

    /// <summary>The ladder of a step's argument; null where a simpler value would be another question, as with an address or a word.</summary>
    public static ValueLadder? Of(int step, string name, string value)
    {
        var simpler = Quantity.TryTime(value, out var time) ? Halves((uint)Math.Min(uint.MaxValue, time.TotalMilliseconds), 1, 1).Select(rung => $"{rung}ms")
            : !Quantity.TryNumber(value, out var number) ? []
            : name == "to" && Rates.Contains(number) ? Rates.Where(rate => rate < number).Select(Text)
            : Counts.Contains(name) ? Halves(number, SmallestCount, SmallestCount).Select(Text)
            : [];
        return OrNone(new ValueLadder(step, name, [value, .. simpler]));
    }

    /// <summary>The ladder of the image's size in bytes.</summary>
    public static ValueLadder? OfImageSize(int bytes) => OrNone(new ValueLadder(OfImage, "size", [$"{bytes}", .. Halves((uint)bytes, SmallestImage, 16).Select(Text)]));

    private static ValueLadder? OrNone(ValueLadder ladder) => ladder.Rungs.Count > 1 ? ladder : null;

    private static IEnumerable<uint> Halves(uint value, uint smallest, uint multiple) => Enumerable.Range(1, MostRungs)
        .Select(halving => (value >> halving) / multiple * multiple).TakeWhile(rung => rung >= smallest && rung > 0);

    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
