#include <Python.h>

static PyObject *fathoms(PyObject *self, PyObject *args) {
    long a;
    if (!PyArg_ParseTuple(args, "l", &a)) {
        return NULL;
    }
    return PyLong_FromLong(a / 2);
}

static PyMethodDef methods[] = {{"fathoms", fathoms, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_depth", NULL, -1, methods};

PyMODINIT_FUNC PyInit__depth(void) {
    return PyModule_Create(&module);
}
