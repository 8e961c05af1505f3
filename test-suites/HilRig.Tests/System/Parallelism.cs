using NUnit.Framework;

// Two fixtures at a time, save those that measure or change what belongs to the whole process. A third would make the virtual boards
// late on a machine of two cores.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
