namespace HilRig.Analysis.History;

/// <summary>A scripted step that was executed, with what the rows before it tell of its board.</summary>
/// <param name="Row">What the file says of it.</param>
/// <param name="Before">The board's past.</param>
/// <param name="Moment">Seconds on one clock through all nights, for order only.</param>
public sealed record Trial(HistoryRow Row, BoardPast Before, double Moment);

/// <summary>What one board has been through since the events that may matter.</summary>
/// <param name="PreviousStep">The step before; empty at the start of a night.</param>
/// <param name="PreviousStep2">The step before that.</param>
/// <param name="PreviousCycle">pass, fail, or empty in the first cycle.</param>
/// <param name="UpdatesSincePower">Successful updates since power was last off.</param>
/// <param name="ErasesAllSinceUpdate">erase_all steps since the last successful update.</param>
/// <param name="ErasesRegionSinceUpdate">erase_region steps since then.</param>
/// <param name="VerifiesSinceUpdate">verify steps since then.</param>
/// <param name="ReconnectsSinceReset">reconnect steps since the last reset of any kind.</param>
/// <param name="SecondsSincePower">Since the last power cycle, or since the night began.</param>
/// <param name="PoweredAt">When the last power cycle began, or 0; seconds of the night.</param>
/// <param name="Session">Counts scripted power cycles of this board; recoveries do not begin a session of their own.</param>
public readonly record struct BoardPast(
    string PreviousStep,
    string PreviousStep2,
    string PreviousCycle,
    int UpdatesSincePower,
    int ErasesAllSinceUpdate,
    int ErasesRegionSinceUpdate,
    int VerifiesSinceUpdate,
    int ReconnectsSinceReset,
    double SecondsSincePower,
    double PoweredAt,
    int Session);
