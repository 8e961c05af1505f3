using HilRig.VirtualBoard.Faults;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>
/// The test shows what a fault looks like from both sides. It fails when the fault was not armed, or when one of the two
/// sides was never looked at: bytes from a host, and accesses through the debug port.
/// </summary>
/// <param name="name">Of the fault or deed.</param>
/// <param name="facts">The rows of facts/kboot.md §10 that it shows.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class SymptomAttribute(string name, string facts = "-") : Attribute, ITestAction
{
    public string Name => name;

    public string Facts => facts;

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => FaultyBoard.Forget();

    public void AfterTest(ITest test)
    {
        var armed = FaultCatalog.Deeds.Any(deed => deed.Name == name) ? "" : name;
        var boards = FaultyBoard.Made.Where(made => made.Fault == armed).Select(made => made.Board).ToList();
        if (!boards.Any(board => board.HostLooks > 0))
            throw new AssertionException($"{name}: the host never spoke to a board with it");
        if (!boards.Any(board => board.SwdLooks > 0))
            throw new AssertionException($"{name}: SWD never looked at a board with it");
    }
}
