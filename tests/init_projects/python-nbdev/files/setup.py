from configparser import ConfigParser

from setuptools import setup

cfg = ConfigParser()
cfg.read('settings.ini')
own = cfg['DEFAULT']
setup(name=own['lib_name'], version=own['version'], packages=['reefs'], python_requires='>=' + own['min_python'], extras_require={'dev': ['nbdev']})
