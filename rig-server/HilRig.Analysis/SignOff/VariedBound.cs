using HilRig.Analysis.Rates;
using MathNet.Numerics;

namespace HilRig.Analysis.SignOff;

/// <summary>
/// Bounds on the mean failure probability of a kind of board whose boards differ: each board's own is drawn from a Gamma
/// distribution, and few boards may all have been good ones. Dearer than a bound over cycles, and right where that is too sure.
/// </summary>
/// <remarks>The coefficient of variation is declared in the plan, as the most that is believed possible.</remarks>
public static class VariedBound
{
    /// <summary>Points of the mixture over rates below the limit.</summary>
    private const int Grid = 64;

    /// <summary>
    /// The bound of a number of cycles that was fixed beforehand: the failures of all boards together follow the negative
    /// binomial distribution. Boards with few cycles count less: n²/Σnᵢ² of them are taken.
    /// </summary>
    public static double Fixed(IReadOnlyList<BoardCount> boards, double variation, double confidence)
    {
        var cycles = boards.Sum(board => board.Cycles);
        if (cycles == 0)
            return 1;
        var shape = cycles * cycles / boards.Sum(board => board.Cycles * board.Cycles) / (variation * variation);
        var share = IncompleteBeta.Quantile(shape, boards.Sum(board => board.Failures) + 1, 1 - confidence);
        return Math.Min(1, shape * (1 - share) / share / cycles);
    }

    /// <summary>The bound that may be looked at after every cycle; 1 before anything is excluded.</summary>
    public static double Anytime(IReadOnlyList<BoardCount> boards, double variation, double confidence)
    {
        var needed = -SpecialFunctions.Log1p(-confidence);
        return boards.Sum(board => board.Cycles) == 0 || LogEvidence(boards, 1, variation) < needed
            ? 1
            : AnytimeBound.Smallest(1e-12, 1e-9, limit => LogEvidence(boards, limit, variation) >= needed);
    }

    /// <summary>ln E against "the mean is <paramref name="limit"/> or more": as <see cref="AnytimeBound"/>, half on no failure at all, half on a rate below the limit.</summary>
    public static double LogEvidence(IReadOnlyList<BoardCount> boards, double limit, double variation)
    {
        var alike = boards.GroupBy(board => board).Select(group => (Board: group.Key, Count: group.Count())).ToList();
        var shape = 1 / (variation * variation);
        var limits = LogLikelihood(limit);
        Span<double> terms = stackalloc double[Grid];
        var largest = double.NegativeInfinity;
        for (var i = 0; i < Grid; i++)
        {
            var part = (i + 0.5) / Grid;
            terms[i] = LogLikelihood(part * part * limit) - limits;
            largest = Math.Max(largest, terms[i]);
        }
        var sum = 0.0;
        foreach (var term in terms)
            sum += Math.Exp(term - largest);
        var spread = largest + Math.Log(sum / Grid);
        var none = boards.All(board => board.Failures == 0) ? -limits : double.NegativeInfinity;
        var larger = Math.Max(spread, none);
        return larger + Math.Log((Math.Exp(spread - larger) + Math.Exp(none - larger)) / 2);

        double LogLikelihood(double mean)
        {
            var scale = shape / mean;
            var log = 0.0;
            foreach (var (board, count) in alike)
                log += count * (shape * -SpecialFunctions.Log1p(board.Cycles / scale) - board.Failures * Math.Log(scale + board.Cycles));
            return log;
        }
    }
}

/// <summary>Failures and cycles of one board; not whole where a plan shares them out beforehand.</summary>
public readonly record struct BoardCount(double Failures, double Cycles);
