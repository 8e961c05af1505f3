using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests;

/// <summary>What comes before the first test and after the last: its namespace is what a set-up fixture spans.</summary>
[SetUpFixture]
public sealed class AroundAllTests
{
    /// <summary>
    /// The programs that tests start live for seconds, a fifth of which went into compiling their code once more for a speed that they do not live to gain. They
    /// inherit this; the tests' own process, which runs for minutes, has read its settings already.
    /// </summary>
    [OneTimeSetUp]
    public void CompileChildrenOnce() => Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "1000"); // hexadecimal: four seconds

    [OneTimeTearDown]
    public void Stop() => PostgresCluster.Stop();
}
