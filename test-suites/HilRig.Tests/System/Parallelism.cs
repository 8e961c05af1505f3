using NUnit.Framework;

// Three fixtures at a time, since most wait for boards and clocks half of their time, save those that measure or change what belongs to the whole
// process.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
