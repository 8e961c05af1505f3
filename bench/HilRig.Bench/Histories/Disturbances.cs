namespace HilRig.Bench.Histories;

/// <summary>The rig's own troubles of one night: bursts on an agent, outages of everything, single blips.</summary>
internal sealed class Disturbances
{
    private const double HitRate = 0.6;
    private const double LooksLikeAnswer = 0.05;
    private const double MeanSeconds = 180;
    private readonly List<(string? Agent, double From, double To, bool Witnessed)> stretches = [];
    private readonly NightPlan plan;

    public Disturbances(NightPlan plan, Random random)
    {
        this.plan = plan;
        var share = plan.Hours / 10;
        for (var agent = 1; agent <= plan.Agents; agent++)
            Draw(random, $"a{agent}", share * (plan.BurstsPerAgent + (agent == 1 ? plan.BurstsOnFirstAgent : 0)), plan.Witnessed.Bursts);
        Draw(random, null, share * plan.Outages, plan.Witnessed.Blips);
    }

    /// <summary>The failure that the rig causes now, or null.</summary>
    public (string? Code, bool Witnessed)? Strike(Random random, string agent, double time)
    {
        foreach (var stretch in stretches)
        {
            if (time >= stretch.From && time < stretch.To && (stretch.Agent ?? agent) == agent && random.NextDouble() < HitRate)
                return (Code(random), stretch.Witnessed);
        }
        return random.NextDouble() < plan.Blips ? (Silence(random), random.NextDouble() < plan.Witnessed.Blips) : null;
    }

    private void Draw(Random random, string? agent, double mean, double witnessed)
    {
        // A Poisson number of stretches, by exponential gaps in units of the mean.
        for (var at = Exponential(random); at < mean; at += Exponential(random))
        {
            var from = random.NextDouble() * plan.Hours * 3600;
            stretches.Add((agent, from, from + MeanSeconds * Exponential(random), random.NextDouble() < witnessed));
        }
    }

    private static string Code(Random random) => random.NextDouble() < LooksLikeAnswer ? "10101" : Silence(random);

    private static string Silence(Random random) => random.NextDouble() < 0.7 ? "TIMEOUT" : "NO_ACK";

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
