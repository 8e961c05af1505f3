using NUnit.Framework;

// Two at a time, and only fixtures that say so: those that mostly wait for processes of their own. A third would make the
// virtual boards late on a machine of two cores.
[assembly: LevelOfParallelism(2)]
