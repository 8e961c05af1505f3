namespace HilRig.VirtualBoard.Kv58;

/// <summary>What makes one chip differ from the next.</summary>
/// <param name="Name">Goes into the unique id.</param>
/// <param name="Seed">Everything left to chance comes from it.</param>
/// <param name="Clock">The board's time.</param>
/// <param name="Time">The same time, for the debug half of the core.</param>
/// <param name="Cache">Shape of the L1 D-cache.</param>
/// <param name="Log">Null logs nothing.</param>
/// <param name="HasEcc">Programming flash twice spoils its ECC.</param>
/// <param name="MdmIdentification">IDR of the MDM-AP; its revision, bits 7:4, differs from part to part.</param>
public sealed record ChipOptions(string Name, int Seed, BoardClock Clock, TimeProvider Time, CacheGeometry Cache, BoardLog? Log = null, bool HasEcc = false, uint MdmIdentification = CoreIdentification.MdmAccessPort);
